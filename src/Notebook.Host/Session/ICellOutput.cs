using Attn.Notebook;

namespace Attn.Host.Session;

/// <summary>Where a running cell's outputs go: into a notebook file, onto a terminal, or over Jupyter's wire. Calls come from any thread.</summary>
public interface ICellOutput
{
    /// <summary>Text that the cell wrote to standard output or standard error.</summary>
    void Stream(OutputStream stream, string text);

    /// <summary>A display under an id.</summary>
    void Display(MimeBundle bundle, string displayId);

    /// <summary>A replacement of an earlier display, possibly of an earlier cell.</summary>
    void Update(string displayId, MimeBundle bundle);

    /// <summary>The value of the cell's last expression.</summary>
    void Result(MimeBundle bundle);

    /// <summary>Takes away what the cell has shown so far; with <paramref name="wait"/>, when the next output comes.</summary>
    void Clear(bool wait)
    {
    }
}

/// <summary>One of a cell's two text streams.</summary>
public enum OutputStream
{
    /// <summary>Standard output.</summary>
    Out,

    /// <summary>Standard error.</summary>
    Error,
}
