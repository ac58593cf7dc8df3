using System.Collections.Concurrent;

namespace Attn.Notebook;

/// <summary>Finds the control that a front end means when it opens a connection.</summary>
internal static class ControlComms
{
    /// <summary>The name under which the script of a control asks for its connection.</summary>
    public const string Target = "attn.control";

    private static readonly ConcurrentDictionary<string, Action<IComm>> Controls = new();

    /// <summary>Has <paramref name="opened"/> called for each view of the control.</summary>
    public static void Attach(string id, Action<IComm> opened)
    {
        if (NotebookHost.Current?.Comms is not { } comms)
            return;
        Controls[id] = opened;
        comms.Accept(Target, static (comm, data) =>
        {
            // A page saved in an earlier session has controls of that session.
            if (Controls.TryGetValue(data["control"]?.ToString() ?? "", out var known))
                known(comm);
            else
                comm.Close();
        });
    }
}
