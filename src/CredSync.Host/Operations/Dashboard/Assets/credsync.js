// Whether the look is light or dark is remembered by the browser alone.
window.credsync = {
  look: () => localStorage.getItem("credsync-look"),
  setLook: look => localStorage.setItem("credsync-look", look)
};
