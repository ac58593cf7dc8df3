using System.Reflection;

namespace Attn.Notebook.Tests.Hosting;

public sealed class OlderAssembliesTests
{
    [Fact]
    public void The_one_at_hand_serves_where_a_newer_is_asked_for()
    {
        OlderAssemblies.Allow();
        var here = Assembly.Load("FSharp.Core");
        Assert.Same(here, Assembly.Load(new AssemblyName(here.FullName!) { Version = new Version(99, 0, 0, 0) }));
        Assert.Throws<FileNotFoundException>(() => Assembly.Load("There.Is.None, Version=1.0.0.0"));
    }
}
