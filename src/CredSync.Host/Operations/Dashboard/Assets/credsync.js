// Whether the look is light or dark is remembered by the browser alone.
window.credsync = {
  look: () => localStorage.getItem("credsync-look"),
  setLook: look => localStorage.setItem("credsync-look", look),
  toContent: () => document.getElementById("content").focus(),

  // Tells whether anybody can see the page, now and whenever that changes: nobody reads for one that is hidden.
  watch: attention => {
    const tell = () => attention.invokeMethodAsync("Seen", !document.hidden).catch(() => { });
    document.addEventListener("visibilitychange", tell);
    return !document.hidden;
  }
};
