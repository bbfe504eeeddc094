using System.Security.Cryptography;
using System.Text;

namespace CredSync.Sandbox.Edx;

/// <content>What people and operators do, and what the platform says about it.</content>
public sealed partial class EdxWorld
{
    private readonly List<EdxHook> _hooks = [];
    private IReadOnlyList<EdxEnrolment> _report = [];
    private DateTimeOffset _lastAct = DateTimeOffset.UnixEpoch;
    private bool _changed;
    private int _taken;

    /// <summary>When the enterprise reports were last refreshed; the <c>created</c> of every row.</summary>
    public DateTimeOffset RefreshedAt { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>A learner joins a course run, or joins it again.</summary>
    /// <param name="userName">The learner.</param>
    /// <param name="run">The run.</param>
    /// <param name="at">When.</param>
    /// <param name="mode">The enrolment mode, for example <c>verified</c>, <c>audit</c> or <c>masters</c>.</param>
    public void Enrol(string userName, string run, DateTimeOffset at, string mode = "verified")
    {
        lock (Gate)
        {
            if (_byKey.TryGetValue((userName, run), out EdxEnrolment? enrolment))
            {
                enrolment.IsActive = true;
                enrolment.UnenrolledAt = null;
            }
            else
            {
                enrolment = new EdxEnrolment { Id = 88_120_001 + _enrolments.Count, User = _users[userName], Course = _courses[run], CreatedAt = at };
                _enrolments.Add(enrolment.Id, enrolment);
                _byKey.Add((userName, run), enrolment);
            }

            enrolment.Mode = mode;
            Acted(enrolment, at);
        }
    }

    /// <summary>A learner leaves a course run: grades and enrolments no longer show it, the certificate stays.</summary>
    /// <param name="userName">The learner.</param>
    /// <param name="run">The run.</param>
    /// <param name="at">When.</param>
    public void Unenrol(string userName, string run, DateTimeOffset at)
    {
        lock (Gate)
        {
            EdxEnrolment enrolment = _byKey[(userName, run)];
            enrolment.IsActive = false;
            enrolment.UnenrolledAt = at;
            Acted(enrolment, at);
        }
    }

    /// <summary>A learner's grade is computed. It says "passing" or "not passing" each time; a first pass brings the certificate.</summary>
    /// <param name="userName">The learner.</param>
    /// <param name="run">The run.</param>
    /// <param name="percent">The grade, from 0 to 1.</param>
    /// <param name="at">When.</param>
    public void Grade(string userName, string run, double percent, DateTimeOffset at)
    {
        lock (Gate)
        {
            EdxEnrolment enrolment = _byKey[(userName, run)];
            enrolment.Percent = percent;
            Acted(enrolment, at);
            _hooks.Add(EdxHook.PassingStatus(enrolment, at, _hooks.Count));
            if (enrolment.Passed)
            {
                enrolment.PassedAt ??= at;
                if (enrolment.Mode != "audit" && enrolment.Certificate is not { IsPassing: true })
                {
                    Certify(userName, run, at);
                }
            }
        }
    }

    /// <summary>A certificate is made, or made again; it keeps its uuid and its first date.</summary>
    /// <param name="userName">The learner.</param>
    /// <param name="run">The run.</param>
    /// <param name="at">When.</param>
    public void Certify(string userName, string run, DateTimeOffset at)
    {
        lock (Gate)
        {
            EdxEnrolment enrolment = _byKey[(userName, run)];
            Save(enrolment, "downloadable", enrolment.Percent, at);
        }
    }

    /// <summary>A certificate is taken back: it leaves the list, and the detail call tells its status.</summary>
    /// <param name="userName">The learner.</param>
    /// <param name="run">The run.</param>
    /// <param name="at">When.</param>
    /// <param name="status">The status it gets: <c>unavailable</c>, <c>notpassing</c> or <c>unverified</c>.</param>
    public void Revoke(string userName, string run, DateTimeOffset at, string status = "unavailable")
    {
        lock (Gate)
        {
            EdxEnrolment enrolment = _byKey[(userName, run)];
            Save(enrolment, status, grade: null, at);
            _hooks.Add(EdxHook.Certificate(enrolment, "revoked", at, _hooks.Count));
        }
    }

    /// <summary>Changes an account's own data.</summary>
    /// <param name="userName">The learner.</param>
    /// <param name="change">From the old data to the new; the user name must stay.</param>
    public void Change(string userName, Func<EdxUser, EdxUser> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (Gate)
        {
            EdxUser changed = change(_users[userName]);
            _users[userName] = changed;
            foreach (EdxEnrolment enrolment in _enrolments.Values.Where(x => x.User.UserName == userName))
            {
                enrolment.User = changed;
            }

            _changed = true;
        }
    }

    /// <summary>The enterprise no longer counts a learner; the rows vanish from its reports.</summary>
    /// <param name="userName">The learner.</param>
    public void Unlink(string userName)
    {
        lock (Gate)
        {
            _unlinked.Add(userName);
            _changed = true;
        }
    }

    /// <summary>The nightly batch: everything that happened so far gets into the enterprise reports.</summary>
    /// <param name="at">When; becomes the <c>created</c> of every row.</param>
    public void RefreshReports(DateTimeOffset at)
    {
        lock (Gate)
        {
            Rebuild(at);
        }
    }

    /// <summary>Who holds a certificate that counts: user name, run, its first date, its grade.</summary>
    public IReadOnlyList<(string UserName, string Run, DateTimeOffset CreatedAt, double? Grade)> Certificates()
    {
        lock (Gate)
        {
            return
            [
                .. _enrolments.Values
                    .Where(x => x.Certificate is { IsPassing: true })
                    .Select(x => (x.User.UserName, x.Course.Run, x.Certificate!.CreatedAt, x.Certificate.Grade)),
            ];
        }
    }

    /// <summary>Takes the hooks that were not sent yet.</summary>
    internal IReadOnlyList<EdxHook> TakeHooks()
    {
        lock (Gate)
        {
            List<EdxHook> waiting = _hooks[_taken..];
            _taken = _hooks.Count;
            return waiting;
        }
    }

    internal IReadOnlyList<EdxEnrolment> Report()
    {
        if (_changed && Refresh == EdxRefresh.AfterEveryAct)
        {
            Rebuild(_lastAct);
        }

        return _report;
    }

    /// <summary>Passes a course run for a learner who is named by the enterprise's id or the user name.</summary>
    internal bool TryComplete(string learner, string course, DateTimeOffset at)
    {
        lock (Gate)
        {
            EdxUser? user = FindUser(learner) ?? _users.Values.FirstOrDefault(x => x.SsoUid == learner && learner.Length > 0);
            EdxCourse? run = FindCourse(course) ?? _courses.Values.FirstOrDefault(x => x.Key == course);
            if (user is null || run is null)
            {
                return false;
            }

            Enrol(user.UserName, run.Run, at);
            Grade(user.UserName, run.Run, 1, at);
            return true;
        }
    }

    private void Save(EdxEnrolment enrolment, string status, double? grade, DateTimeOffset at)
    {
        EdxCertificate? before = enrolment.Certificate;
        enrolment.Certificate = new EdxCertificate
        {
            Uuid = before?.Uuid ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(enrolment.User.UserName + "|" + enrolment.Course.Run)))[..32],
            Status = status,
            CreatedAt = before?.CreatedAt ?? at,
            ModifiedAt = at,
            Grade = grade,
        };
        Acted(enrolment, at);

        // Every save says "changed", and every save with a passing status says "created" again.
        if (enrolment.Certificate.IsPassing)
        {
            _hooks.Add(EdxHook.Certificate(enrolment, "created", at, _hooks.Count));
        }

        _hooks.Add(EdxHook.Certificate(enrolment, "changed", at, _hooks.Count));
    }

    private void Acted(EdxEnrolment enrolment, DateTimeOffset at)
    {
        enrolment.LastActivityAt = at;
        _changed = true;
        _lastAct = at > _lastAct ? at : _lastAct;
    }

    private void Rebuild(DateTimeOffset at)
    {
        _report = [.. _enrolments.Values.Where(x => IsLinked(x.User)).OrderBy(x => x.LastActivityAt).ThenBy(x => x.Id).Select(x => x.Copy())];
        RefreshedAt = at;
        _changed = false;
    }
}
