using MixedModels.Benchmarks.Fits.Peers;

namespace MixedModels.Benchmarks.Fits;

/// <summary>The cases, from small to large.</summary>
internal static class FitCatalogue
{
    public static IReadOnlyList<FitCase> All { get; } =
    [
        new("sleepstudy", "sleepstudy `(Days | Subject)`", "Reaction ~ Days + (Days | Subject)", new CaseData.Example("sleepstudy"))
        {
            Reach = 0.3e-3,
            Reference = "sleep_slope_reml",
            FollowUps = [Refits.Entry, Bootstraps.Entry, Profiles.Entry],
        },
        new("machines", "Machines `(Machine | Worker)`", "score ~ Machine + (Machine | Worker)", new CaseData.Example("Machines"))
        {
            Reach = 0.5e-3,
            Reference = "machines_slope_reml",
        },
        new("pastes", "Pastes `(1 | batch/cask)`", "strength ~ 1 + (1 | batch/cask)", new CaseData.Example("Pastes"))
        {
            Reference = "pastes_nested_reml",
            Lmer = PeerPace.Absent,
        },
        new("penicillin", "Penicillin `(1 | plate) + (1 | sample)`", "diameter ~ 1 + (1 | plate) + (1 | sample)", new CaseData.Example("Penicillin"))
        {
            Reference = "penicillin_reml",
        },
        new(
            "egsingle",
            "egsingle `(year | schoolid) + (year | childid)`",
            "math ~ year * size + female + black + hispanic + (year | schoolid) + (year | childid)",
            new CaseData.Shared("egsingle.csv"))
        {
            Factors = ["schoolid", "childid", "female", "black", "hispanic"],
            Reach = 10e-3,
            FollowUps = [EffectTables.Satterthwaite],
        },
        new(
            "star",
            "star `(1 | id) + (1 | tch) + (1 | sch)`",
            "math ~ gr + sx + ses + cltype + (1 | id) + (1 | tch) + (1 | sch)",
            new CaseData.Shared("star.csv.gz"))
        {
            Factors = ["gr", "sx", "ses", "cltype", "id", "tch", "sch"],
            Reach = 60e-3,
        },
        new("ovary-ar1", "Ovary `ar1(1 | Mare)`; nlme's lme", "follicles ~ sin(2 * pi * Time) + cos(2 * pi * Time) + (1 | Mare)", new CaseData.Shared("Ovary.csv"))
        {
            Factors = ["Mare"],
            Residual = "ar1(1 | Mare)",
            NlmeCall = "lme(follicles ~ sin(2 * pi * Time) + cos(2 * pi * Time), d, ~ 1 | Mare, corAR1(form = ~ 1 | Mare))",
        },
        new("fev", "fev_data `us(AVISIT | USUBJID)`; nlme's gls", "FEV1 ~ RACE + SEX + ARMCD * AVISIT", new CaseData.Shared("fev_data.csv"))
        {
            Factors = ["USUBJID", "AVISIT", "ARMCD", "SEX", "RACE"],
            Residual = "us(AVISIT | USUBJID)",
            NlmeCall = "gls(FEV1 ~ RACE + SEX + ARMCD * AVISIT, d, corSymm(form = ~ as.integer(AVISIT) | USUBJID), varIdent(form = ~ 1 | AVISIT), na.action = na.omit)",
            Reach = 5e-3,
        },
        new(
            "crossed-ar1",
            "100k rows, AR(1) within 2,000 subjects, `(1 | subject) + (1 | item)`",
            "y ~ x + (1 | subject) + (1 | item)",
            new CaseData.Simulated("crossed_ar1.csv", SimulatedRows.CrossedAutoregressive))
        {
            Factors = ["subject", "item"],
            Residual = "ar1(t | subject)",
            Lmer = PeerPace.Absent,
        },
        new("series", "one series of 100k rows, `arma(t | 1, p = 1, q = 1)`", "y ~ x", new CaseData.Simulated("series.csv", SimulatedRows.Series))
        {
            Residual = "arma(t | 1, p = 1, q = 1)",
            Lmer = PeerPace.Absent,
        },
        new("bcva", "bcva_data `us(AVISIT | USUBJID)`; nlme's gls", "BCVA_CHG ~ BCVA_BL + RACE + ARMCD * AVISIT", new CaseData.Shared("bcva_data.csv"))
        {
            Factors = ["USUBJID", "AVISIT", "ARMCD", "RACE"],
            Residual = "us(AVISIT | USUBJID)",
            NlmeCall = "gls(BCVA_CHG ~ BCVA_BL + RACE + ARMCD * AVISIT, d, corSymm(form = ~ as.integer(AVISIT) | USUBJID), varIdent(form = ~ 1 | AVISIT), na.action = na.omit)",
            Reach = 0.2,
            Lmer = PeerPace.Slow,
        },
        new("insteval2", "InstEval `service + (1 | s) + (1 | d)`", "y ~ service + (1 | s) + (1 | d)", new CaseData.Shared("InstEval.csv.gz"))
        {
            Factors = ["s", "d", "service", "dept"],
            Reach = 0.12,
            FollowUps = [EffectTables.Satterthwaite, EffectTables.KenwardRoger],
            Crossed = new("s", "d", "y") { Covariate = "service" },
        },
        new(
            "insteval3",
            "InstEval `+ (1 | dept:service)`",
            "y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept:service)",
            new CaseData.Shared("InstEval.csv.gz"))
        {
            Factors = ["s", "d", "service", "dept"],
            Reach = 0.25,
            Crossed = new("s", "d", "y") { Covariate = "service", Third = ("dept", "service") },
        },
        new(
            "kb07zc",
            "sim_kb07like, zero correlations, 16 parameters",
            "rt ~ spkr * prec * load + (spkr * prec * load || subj) + (spkr * prec * load || item)",
            new CaseData.Shared("sim_kb07like.csv.gz"))
        {
            Factors = ["subj", "item"],
            Reach = 0.08,
        },
        new(
            "kb07max",
            "sim_kb07like, maximal, 72 parameters",
            "rt ~ spkr * prec * load + (spkr * prec * load | subj) + (spkr * prec * load | item)",
            new CaseData.Shared("sim_kb07like.csv.gz"))
        {
            Factors = ["subj", "item"],
            Reach = 0.15,
            Lmer = PeerPace.Slow,
        },
        new("long1m", "1M rows, 100k groups, `(t | id)`", "y ~ t + (t | id)", new CaseData.Generated("long_1m.csv", "gen_long.py", ["1e5"]))
        {
            Factors = ["id"],
            Reach = 0.1,
            ReachOfFit = 15e-3,
            Lmer = PeerPace.Slow,
        },
        new(
            "ratings100k",
            "ratings 100k (1,000 × 1,700)",
            "rating ~ 1 + (1 | user) + (1 | item)",
            new CaseData.Generated("ratings_100k.csv", "gen_ratings.py", ["1e5", "1000", "1700"]))
        {
            Factors = ["user", "item"],
            Reach = 0.08,
            Crossed = new("user", "item", "rating"),
        },
        new(
            "ratings1m",
            "ratings 1M (6,040 × 3,706)",
            "rating ~ 1 + (1 | user) + (1 | item)",
            new CaseData.Generated("ratings_1m.csv", "gen_ratings.py", ["1e6", "6040", "3706"]))
        {
            Factors = ["user", "item"],
            Reach = 2,
            Lmer = PeerPace.Slow,
            Crossed = new("user", "item", "rating"),
        },
        new(
            "cbpp",
            "cbpp, binomial",
            "cbind(incidence, size - incidence) ~ period + (1 | herd)",
            new CaseData.Example("cbpp"))
        {
            Family = "binomial",
            Reach = 2e-3,
        },
        new(
            "contraception",
            "Contraception, Bernoulli, `(1 + urban | district)`",
            "useN ~ age + I(age^2) + urban + livch + (1 + urban | district)",
            new CaseData.Shared("glmm/contraception.csv"))
        {
            Family = "binomial",
            Factors = ["urban", "livch", "district"],
            Reach = 20e-3,
        },
        new(
            "verbagg",
            "VerbAgg, Bernoulli, `(1 | id) + (1 | item)`",
            "r2N ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)",
            new CaseData.Shared("glmm/verbagg.csv"))
        {
            Family = "binomial",
            Factors = ["Gender", "btype", "situ", "mode", "id", "item"],
            Reach = 60e-3,
        },
        new(
            "grouseticks",
            "grouseticks, Poisson, an effect a row",
            "TICKS ~ YEAR + sHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)",
            new CaseData.Shared("glmm/grouseticks.csv"))
        {
            Family = "poisson",
            Factors = ["YEAR", "BROOD", "INDEX", "LOCATION"],
            Reach = 60e-3,
        },
        new(
            "bernoulli100k",
            "Bernoulli 100k, crossed (1,000 × 1,700)",
            "y ~ x + (1 | user) + (1 | item)",
            new CaseData.Simulated("bernoulli_100k.csv", SimulatedRows.CrossedBernoulli))
        {
            Family = "binomial",
            Factors = ["user", "item"],
            Reach = 0.8,
            Lmer = PeerPace.Slow,
        },
        new(
            "poisson200k",
            "Poisson 200k, 20k groups, `(t | id)`",
            "y ~ t + (t | id)",
            new CaseData.Simulated("poisson_200k.csv", SimulatedRows.PoissonSlopes))
        {
            Family = "poisson",
            Factors = ["id"],
            Reach = 1,
            Lmer = PeerPace.Slow,
        },
    ];

    /// <summary>The case of a name.</summary>
    /// <exception cref="UsageException">There is none; the message lists them.</exception>
    public static FitCase Find(string name) =>
        All.FirstOrDefault(entry => entry.Name == name)
        ?? throw new UsageException($"There is no case '{name}'. The cases are {string.Join(", ", All.Select(entry => entry.Name))}.");
}
