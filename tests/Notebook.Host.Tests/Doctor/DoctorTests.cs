using Attn.Host.Doctor;

namespace Attn.Host.Tests.Doctor;

public class DoctorTests
{
    [Fact]
    public void This_machine_can_run_notebooks()
    {
        var page = new StringWriter();
        Assert.Equal(0, DoctorPage.Print(Inspections.All(), page));
        var text = page.ToString();
        foreach (var subject in (string[])["Runtime", "libtorch", "GPU", "NVRTC", "Jupyter", "C# kernel", "Browser"])
            Assert.Contains(subject, text);
        Assert.Contains("Ready.", text);
    }

    [Fact]
    public void What_is_absent_comes_with_advice()
    {
        Assert.All(Inspections.All().Where(finding => finding.State != FindingState.Good), finding => Assert.False(string.IsNullOrWhiteSpace(finding.Advice)));
    }

    [Fact]
    public void Something_broken_fails_the_whole()
    {
        var page = new StringWriter();
        Assert.Equal(1, DoctorPage.Print([Finding.Good("A", "fine"), Finding.Broken("B", "line one\nline two", "mend it")], page));
        Assert.Contains("✗ B", page.ToString());
        Assert.Contains("→ mend it", page.ToString());
    }

    [Fact]
    public void A_program_that_is_not_there_or_fails_gives_no_answer()
    {
        Assert.Null(Programs.Find("no-such-program-anywhere"));
        Assert.Null(Programs.Ask("/no/such/program"));
        Assert.Null(Programs.Ask("false"));
    }
}
