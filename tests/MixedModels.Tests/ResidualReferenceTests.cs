using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Tests;

/// <summary>
/// Whole fits against SAS PROC MIXED and nlme (validation/residual). SAS prints four decimals of estimates and whole degrees of freedom, and stops at a relative
/// change of 1e-8 in a criterion of about 3,700: 4e-5 there, so up to √4e-5 = 0.6 % of a standard error in an estimate. nlme's optima are good to about 1e-5 in the
/// log-likelihood; a variance function of fitted values is a fixed point that nlme stops short of.
/// </summary>
public sealed class ResidualReferenceTests
{
    private static readonly string folder = Path.Combine(AppContext.BaseDirectory, "validation", "residual");
    private static readonly Lazy<Dictionary<string, JsonElement>> all = new(ReadAll);

    public static TheoryData<string> Ids => [.. all.Value.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Fit_ReferenceData_IsTheReferences(string id)
    {
        var expected = all.Value[id];
        var isSas = expected.GetProperty("source").GetString()!.StartsWith("SAS", StringComparison.Ordinal);
        var isFixedPoint = expected.TryGetProperty("isFixedPoint", out var flag) && flag.GetBoolean();
        var fit = Fit(expected);
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
        fit.Deviance.ShouldBe(expected.GetProperty("deviance").GetDouble(), isSas ? 2e-5 : isFixedPoint ? 1e-2 : 2e-5);
        if (!isFixedPoint) fit.Deviance.ShouldBeLessThan(expected.GetProperty("deviance").GetDouble() + 1e-6, "no worse an optimum than the reference's");
        if (!isSas && !isFixedPoint) fit.Sigma.ShouldBe(expected.GetProperty("sigma").GetDouble(), 1e-3 * fit.Sigma);
        var rows = expected.GetProperty("fixed").EnumerateArray().ToArray();
        var coefficients = fit.Coefficients(isSas ? DegreesOfFreedom.Satterthwaite : DegreesOfFreedom.None);
        coefficients.Count.ShouldBe(rows.Length);
        for (var j = 0; j < rows.Length; j++)
        {
            // SAS codes SEX with its last level as reference, the data here with the first: the intercept and sign are its own.
            if (isSas && rows.Length > 1 && coefficients[j].Name is "(Intercept)" or "SEXFemale" or "SEXMale") continue;
            var (estimate, error) = (rows[j].GetProperty("estimate").GetDouble(), rows[j].GetProperty("se").GetDouble());
            coefficients[j].Estimate.ShouldBe(estimate, isSas ? 6e-5 + (6e-3 * error) : 1e-3 * error, coefficients[j].Name);
            coefficients[j].StandardError.ShouldBe(error, isSas ? 6e-5 + (1e-3 * error) : 1e-3 * error, coefficients[j].Name);
            if (isSas) coefficients[j].DegreesOfFreedom!.Value.ShouldBe(rows[j].GetProperty("df").GetDouble(), 0.6, coefficients[j].Name);
        }
    }

    [Theory]
    [InlineData("mmrm_ar1_reml", "rho", "AR(1)", 1e-4)]
    [InlineData("mmrm_sp_exp2_reml", "range", "SP(EXP)", 1e-3)]
    [InlineData("mmrm_sp_gau_reml", "range", "SP(GAU)", 5e-4)]
    [InlineData("mmrm_group_ar1_ml", "rho[PBO]", "AR(1) ARMCD PBO", 2e-4)]
    public void Fit_ReferenceData_HasSassParameter(string id, string ours, string sas, double tolerance)
    {
        var fit = Fit(all.Value[id]);
        var parameter = fit.Residual!.Parameters.Single(parameter => parameter.Name == ours);
        parameter.Value.ShouldBe(all.Value[id].GetProperty("parameters").GetProperty(sas).GetDouble(), tolerance);
    }

    [Theory]
    [InlineData("mmrm_adh_reml")]
    [InlineData("mmrm_ar1h_reml")]
    [InlineData("mmrm_csh_reml")]
    [InlineData("mmrm_toeph_reml")]
    public void Fit_HeterogeneousStructure_HasSassVariances(string id)
    {
        var visits = Fit(all.Value[id]).Residual!.Groups.Single();
        for (var v = 0; v < 4; v++)
        {
            var expected = all.Value[id].GetProperty("parameters").GetProperty($"Var({v + 1})").GetDouble();
            (visits.StandardDeviations[v] * visits.StandardDeviations[v]).ShouldBe(expected, 2e-4 * expected, visits.Visits[v]);
        }
    }

    private static LinearMixedModelFit Fit(JsonElement expected)
    {
        var table = DataTable.ReadCsv(Path.Combine(folder, "data", expected.GetProperty("data").GetString()!));
        if (expected.TryGetProperty("factors", out var factors))
        {
            foreach (var factor in factors.EnumerateArray()) table = table.WithColumn(table[factor.GetString()!].ToFactor());
            foreach (var levels in expected.GetProperty("levels").EnumerateArray()) table = Ordered(table, levels.GetString()!);
        }
        else
        {
            table = Ordered(Ordered(table.WithColumn(table["USUBJID"].ToFactor()), "ARMCD=PBO,TRT"), "AVISIT=VIS1,VIS2,VIS3,VIS4");
        }

        var options = new LinearMixedModelOptions
        {
            Criterion = expected.GetProperty("method").GetString() == "ML" ? EstimationCriterion.MaximumLikelihood : EstimationCriterion.Reml,
            Residual = expected.GetProperty("residual").GetString() is { } residual ? Residual.Parse(residual) : null,
            Variance = expected.GetProperty("variance").GetString() is { } variance ? VarianceFunctions.Parse(variance) : null,
        };
        return new LinearMixedModel(expected.GetProperty("formula").GetString()!, options).Fit(table);
    }

    private static DataTable Ordered(DataTable table, string declaration)
    {
        var (name, levels) = (declaration.Split('=')[0], declaration.Split('=')[1].Split(','));
        var factor = table[name].ToFactor();
        return table.WithColumn(new FactorColumn(name, levels, [.. factor.Codes.ToArray().Select(code => code < 0 ? -1 : Array.IndexOf(levels, factor.Levels[code]))], false));
    }

    private static Dictionary<string, JsonElement> ReadAll()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")));
        return json.RootElement.EnumerateArray().ToDictionary(entry => entry.GetProperty("id").GetString()!, entry => entry.Clone(), StringComparer.Ordinal);
    }
}
