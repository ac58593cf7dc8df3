using System.Collections.Frozen;

namespace Attn.Notebook.Typesetting;

/// <summary>Relations, binary operators, arrows, large operators and dots by name, and the characters that are operators themselves.</summary>
internal static class Operators
{
    private static readonly FrozenDictionary<string, string> Relations = SymbolTable.Parse("""
        le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ ll ≪ gg ≫ lt < gt > approx ≈ approxeq ≊ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ varpropto ∝
        in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ subsetneq ⊊ supset ⊃ supseteq ⊇ prec ≺ preceq ⪯ succ ≻ succeq ⪰ asymp ≍ doteq ≐
        mid ∣ nmid ∤ parallel ∥ perp ⊥ vdash ⊢ dashv ⊣ models ⊨ triangleq ≜ coloneqq ≔ eqqcolon ≕ lesssim ≲ gtrsim ≳ lessgtr ≶
        to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺ mapsto ↦
        longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩
        uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ rightharpoonup ⇀ rightharpoondown ⇁
        leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌ leadsto ⇝ rightsquigarrow ⇝ twoheadrightarrow ↠ rightrightarrows ⇉ rightleftarrows ⇄
        """);

    private static readonly FrozenDictionary<string, string> Binaries = SymbolTable.Parse("""
        times × cdot ⋅ div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ oslash ⊘ boxtimes ⊠ boxplus ⊞
        cup ∪ cap ∩ sqcup ⊔ sqcap ⊓ uplus ⊎ setminus ∖ smallsetminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ diamond ⋄ wr ≀ dagger † ddagger ‡ rtimes ⋊ ltimes ⋉ bowtie ⋈
        """);

    private static readonly FrozenDictionary<string, string> Large = SymbolTable.Parse("""
        sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ bigvee ⋁ bigwedge ⋀ bigsqcup ⨆ biguplus ⨄
        """);

    private static readonly FrozenDictionary<string, string> Integrals = SymbolTable.Parse("int ∫ iint ∬ iiint ∭ oint ∮");

    private static readonly FrozenDictionary<string, string> Ordinary = SymbolTable.Parse("""
        dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ dotsm ⋯ backslash \ colon : # # $ $ % % & & _ _ * ∗
        """);

    /// <summary>The operator of that name; null when there is none.</summary>
    public static OperatorNode? Find(string name)
    {
        if (Relations.TryGetValue(name, out var text))
            return new(text, OperatorRole.Relation);
        if (Binaries.TryGetValue(name, out text))
            return new(text, OperatorRole.Binary);
        if (Large.TryGetValue(name, out text))
            return new(text, OperatorRole.Large, Limits: true);
        if (Integrals.TryGetValue(name, out text))
            return new(text, OperatorRole.Large);
        return Ordinary.TryGetValue(name, out text) ? new(text, OperatorRole.Ordinary) : null;
    }

    /// <summary>The operator that a character is; null for letters and digits.</summary>
    public static OperatorNode? OfCharacter(string character) => character switch
    {
        "-" => new("−", OperatorRole.Dictionary),
        "*" => new("∗", OperatorRole.Binary),
        "(" or "[" => new(character, OperatorRole.Opening),
        ")" or "]" => new(character, OperatorRole.Closing),
        "|" or "/" or "." or "\"" or "@" or "…" or "⋯" => new(character, OperatorRole.Ordinary),
        "=" or "<" or ">" or ":" or "≤" or "≥" or "≠" or "≈" or "∈" or "∼" or "≔" => new(character, OperatorRole.Relation),
        "×" or "·" or "⊙" or "⊗" or "∘" or "±" => new(character, OperatorRole.Binary),
        "∑" or "∏" => new(character, OperatorRole.Large, Limits: true),
        _ => char.IsLetterOrDigit(character, 0) || char.IsSurrogate(character, 0) ? null : new(character, OperatorRole.Dictionary),
    };
}
