namespace Attn.Host.Jupyter;

/// <summary>The sockets on which a kernel speaks.</summary>
internal enum Channel
{
    /// <summary>Requests, one after another.</summary>
    Shell,

    /// <summary>Requests that must not wait for a running cell.</summary>
    Control,

    /// <summary>Questions of a cell, and their answers.</summary>
    Stdin,

    /// <summary>What everybody who watches sees.</summary>
    IoPub,
}
