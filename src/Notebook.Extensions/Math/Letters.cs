using System.Collections.Frozen;

namespace Attn.Notebook.Typesetting;

/// <summary>Letters by name: Greek, Hebrew, and the few others that mathematics uses.</summary>
internal static class Letters
{
    private const string Names = """
        alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ
        omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
        ell ℓ hbar ℏ imath ı jmath ȷ aleph ℵ Re ℜ Im ℑ wp ℘ infty ∞ partial ∂ nabla ∇ emptyset ∅ varnothing ∅ top ⊤ bot ⊥ angle ∠
        forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ prime ′ degree ° dag † checkmark ✓ square □ Box □ blacksquare ■ bigstar ★ complement ∁
        S § P ¶ pounds £ copyright © natural ♮ flat ♭ sharp ♯ triangle △ eth ð
        """;

    /// <summary>Letters that stay upright in italics.</summary>
    private const string UprightCapitals = "ΓΔΘΛΞΠΣΥΦΨΩ∞∂∇∅⊤⊥∠∀∃∄¬′°†✓□■★∁§¶£©♮♭♯△ℵℜℑ℘";

    private static readonly FrozenDictionary<string, string> ByName = SymbolTable.Parse(Names);

    public static IdentifierNode? Find(string name) =>
        ByName.TryGetValue(name, out var letter) ? new IdentifierNode(letter, UprightCapitals.Contains(letter)) : null;
}
