using System.CommandLine;
using Attn.Host.Doctor;

namespace Attn.Host.Cli;

/// <summary><c>attn doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Show what of this machine is used, and what to do about what is missing.");
        command.SetAction(_ => DoctorPage.Print(Inspections.All(), Console.Out));
        return command;
    }
}
