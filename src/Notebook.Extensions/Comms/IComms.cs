using System.Text.Json.Nodes;

namespace Attn.Notebook;

/// <summary>Live connections between cells and the front end that shows them (Jupyter's comms).</summary>
public interface IComms
{
    /// <summary>The name by which a Jupyter server knows the kernel, for a page that has no other way to it; null when that is not known.</summary>
    string? KernelId => null;

    /// <summary>Opens a connection to what the front end has registered under a name.</summary>
    /// <param name="target">The name.</param>
    /// <param name="data">What the front end is told on opening.</param>
    IComm Open(string target, JsonObject data);

    /// <summary>Lets the front end open connections; an earlier registration under that name is replaced.</summary>
    /// <param name="target">The name by which it asks for them.</param>
    /// <param name="opened">Called with the connection and what the front end said on opening, as a cell is run: one at a time, interruptible.</param>
    void Accept(string target, Action<IComm, JsonObject> opened);
}

/// <summary>One live connection.</summary>
public interface IComm
{
    /// <summary>The name by which both sides know it.</summary>
    string Id { get; }

    /// <summary>Whether neither side has closed it.</summary>
    bool IsOpen { get; }

    /// <summary>What the front end says, raised as a cell is run: one message at a time, interruptible.</summary>
    event Action<JsonObject>? Received;

    /// <summary>The front end has closed the connection.</summary>
    event Action? Closed;

    /// <summary>Says something to the front end; after the end of the connection, to nobody.</summary>
    void Send(JsonObject data);

    /// <summary>Ends the connection.</summary>
    void Close();
}
