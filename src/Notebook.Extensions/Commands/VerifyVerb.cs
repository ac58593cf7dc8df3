using System.CommandLine;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn verify</c>; on a terminal the program's own verb of that name runs whole notebooks.</summary>
internal sealed class VerifyVerb : IVerb
{
    public string Example => "verify";

    public Command Create(CommandContext context)
    {
        var command = new Command("verify", "Show the claims stated so far in one table; fails when one does not hold.");
        command.SetAction(_ =>
        {
            var claims = context.Host is null ? [] : StatedClaims.In(context.Host);
            if (claims.Count == 0)
                throw new CommandException("verify: no claim has been stated yet; run the cells that do.");
            context.Show(new ClaimReport(claims));
            return claims.Any(claim => claim.Status == ClaimStatus.DoesNotHold) ? 1 : 0;
        });
        return command;
    }
}
