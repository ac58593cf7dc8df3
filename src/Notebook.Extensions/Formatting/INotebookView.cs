namespace Attn.Notebook;

/// <summary>A value that says itself how a notebook shows it; see <see cref="MimeBundles.Of"/>.</summary>
public interface INotebookView
{
    /// <summary>The value's bundle; it holds <c>text/plain</c> at least, and user text in its HTML is escaped.</summary>
    MimeBundle ToMimeBundle();
}
