namespace CredSync.Sandbox.Coursera;

/// <content>What people and administrators do, and when it shows.</content>
public sealed partial class CourseraWorld
{
    private IReadOnlyList<CourseraEnrolment> _report = [];
    private DateTimeOffset _lastAct = DateTimeOffset.UnixEpoch;
    private bool _changed;

    /// <summary>When the report tables were last refreshed; the <c>updatedAt</c> of every row.</summary>
    public DateTimeOffset RefreshedAt { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>A member takes up a content in a program.</summary>
    /// <param name="programId">The program.</param>
    /// <param name="externalId">The member.</param>
    /// <param name="contentId">The content.</param>
    /// <param name="at">When.</param>
    public void Enrol(string programId, string externalId, string contentId, DateTimeOffset at)
    {
        lock (Gate)
        {
            Enrolment(programId, externalId, contentId, at);
            Acted(at);
        }
    }

    /// <summary>A member gets on.</summary>
    /// <param name="programId">The program.</param>
    /// <param name="externalId">The member.</param>
    /// <param name="contentId">The content.</param>
    /// <param name="percent">How far, from 0 to 100; 100 is not completion.</param>
    /// <param name="at">When.</param>
    public void Progress(string programId, string externalId, string contentId, int percent, DateTimeOffset at)
    {
        lock (Gate)
        {
            CourseraEnrolment enrolment = Enrolment(programId, externalId, contentId, at);
            enrolment.Progress = percent;
            enrolment.LastActivityAt = at;
            Acted(at);
        }
    }

    /// <summary>A member passes everything that is graded. Specializations of the program complete with their last course.</summary>
    /// <param name="programId">The program.</param>
    /// <param name="externalId">The member.</param>
    /// <param name="contentId">The content.</param>
    /// <param name="at">When.</param>
    /// <param name="grade">The grade, from 0 to 1; null for none.</param>
    /// <param name="percent">The progress over all items, from 0 to 100; below 100 is normal for a complete course.</param>
    public void Complete(string programId, string externalId, string contentId, DateTimeOffset at, double? grade = null, int percent = 100)
    {
        lock (Gate)
        {
            CourseraEnrolment enrolment = Enrolment(programId, externalId, contentId, at);
            enrolment.CompletedAt ??= at;
            enrolment.Grade = grade;
            enrolment.Progress = enrolment.Content.CourseIds.Count > 0 ? null : percent;
            enrolment.LastActivityAt = at;
            foreach (CourseraContent specialization in _contents.Values.Where(x => x.CourseIds.Contains(contentId) && _programs[programId].ContentIds.Contains(x.Id)))
            {
                List<CourseraEnrolment?> parts = [.. specialization.CourseIds.Select(id => _enrolments.GetValueOrDefault(Key(externalId, id, programId)))];
                if (parts.TrueForAll(part => part?.CompletedAt is not null))
                {
                    CourseraEnrolment whole = Enrolment(programId, externalId, specialization.Id, at);
                    whole.CompletedAt ??= parts.Max(part => part!.CompletedAt);
                    whole.LastActivityAt = at;
                }
            }

            Acted(at);
        }
    }

    /// <summary>A grade changes after completion; the completion's date stays.</summary>
    /// <param name="programId">The program.</param>
    /// <param name="externalId">The member.</param>
    /// <param name="contentId">The content.</param>
    /// <param name="grade">The new grade, from 0 to 1.</param>
    /// <param name="at">When.</param>
    public void Regrade(string programId, string externalId, string contentId, double grade, DateTimeOffset at)
    {
        lock (Gate)
        {
            _enrolments[Key(externalId, contentId, programId)].Grade = grade;
            Acted(at);
        }
    }

    /// <summary>A completion is taken back, without a word: the row says that it is not complete, and has no certificate.</summary>
    /// <param name="programId">The program.</param>
    /// <param name="externalId">The member.</param>
    /// <param name="contentId">The content.</param>
    /// <param name="at">When.</param>
    public void Withdraw(string programId, string externalId, string contentId, DateTimeOffset at)
    {
        lock (Gate)
        {
            CourseraEnrolment enrolment = _enrolments[Key(externalId, contentId, programId)];
            enrolment.CompletedAt = null;
            enrolment.Grade = null;
            Acted(at);
        }
    }

    /// <summary>A member leaves the organisation; the rows only come with <c>includeDeletedMembers</c> from then on.</summary>
    /// <param name="externalId">The member.</param>
    /// <param name="at">When.</param>
    public void RemoveMember(string externalId, DateTimeOffset at)
    {
        lock (Gate)
        {
            CourseraMember gone = _members[externalId] with { DeletedAt = at };
            _members[externalId] = gone;
            foreach (CourseraEnrolment enrolment in _enrolments.Values.Where(x => x.Member.ExternalId.Equals(externalId, StringComparison.OrdinalIgnoreCase)))
            {
                enrolment.Member = gone;
            }

            Acted(at);
        }
    }

    /// <summary>A contract ends; its rows only come with <c>includeExpiredContracts</c> from then on.</summary>
    /// <param name="contractId">The contract.</param>
    public void EndContract(string contractId)
    {
        lock (Gate)
        {
            _endedContracts.Add(contractId);
        }
    }

    /// <summary>The nightly batch: everything that happened so far gets into the reports.</summary>
    /// <param name="at">When; becomes the <c>updatedAt</c> of every row.</param>
    public void RefreshReports(DateTimeOffset at)
    {
        lock (Gate)
        {
            Rebuild(at);
        }
    }

    /// <summary>What is complete, whatever the reports show: for each row its keys, date and grade.</summary>
    public IReadOnlyList<(string ExternalId, string ContentId, string ProgramId, DateTimeOffset CompletedAt, double? Grade)> Completions()
    {
        lock (Gate)
        {
            return
            [
                .. _enrolments.Values
                    .Where(x => x.CompletedAt is not null)
                    .Select(x => (x.Member.ExternalId, x.Content.Id, x.Program.Id, x.CompletedAt!.Value, x.Grade)),
            ];
        }
    }

    /// <summary>The rows of the report table, in an order that means nothing and stays the same.</summary>
    internal IReadOnlyList<CourseraEnrolment> Report()
    {
        if (_changed && Refresh == CourseraRefresh.AfterEveryAct)
        {
            Rebuild(_lastAct);
        }

        return _report;
    }

    /// <summary>Completes a content in the first program that has it.</summary>
    internal bool TryComplete(string externalId, string content, DateTimeOffset at)
    {
        lock (Gate)
        {
            CourseraContent? found = _contents.Values.FirstOrDefault(x => x.Id == content || x.Slug == content);
            CourseraProgram? program = found is null ? null : _programs.Values.FirstOrDefault(x => x.ContentIds.Contains(found.Id));
            if (program is null || !_members.ContainsKey(externalId))
            {
                return false;
            }

            Complete(program.Id, externalId, found!.Id, at, grade: 1);
            return true;
        }
    }

    private static (string ExternalId, string ContentId, string ProgramId) Key(string externalId, string contentId, string programId) =>
        (externalId.ToUpperInvariant(), contentId, programId);

    private CourseraEnrolment Enrolment(string programId, string externalId, string contentId, DateTimeOffset at)
    {
        if (!_enrolments.TryGetValue(Key(externalId, contentId, programId), out CourseraEnrolment? enrolment))
        {
            CourseraContent content = _contents[contentId];
            enrolment = new CourseraEnrolment
            {
                Member = _members[externalId], Content = content, Program = _programs[programId], EnrolledAt = at, Progress = content.CourseIds.Count > 0 ? null : 0,
            };
            _enrolments.Add(Key(externalId, contentId, programId), enrolment);
        }

        return enrolment;
    }

    private void Acted(DateTimeOffset at)
    {
        _changed = true;
        _lastAct = at > _lastAct ? at : _lastAct;
    }

    private void Rebuild(DateTimeOffset at)
    {
        _report = [.. _enrolments.Values.Select(x => x.Copy()).OrderBy(x => Scatter(x.Id + x.Program.Id)).ThenBy(x => x.Id, StringComparer.Ordinal)];
        RefreshedAt = at;
        _changed = false;
    }

    /// <summary>A hash that is the same in every process (FNV-1a), so that the order is fixed and yet not by time.</summary>
    private static uint Scatter(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        return hash;
    }
}
