namespace MixedModels.Cli.Tests;

public class WrongUsageTests
{
    [Theory]
    [InlineData("'mixed fit' needs FORMULA and DATA.\nUsage:   mixed fit FORMULA DATA [options]\nExample: mixed fit ", "fit")]
    [InlineData("'mixed fit' needs DATA.", "fit", "y ~ x")]
    [InlineData("'mixed fit' needs FORMULA and DATA.", "fit", "--ml")]
    [InlineData("'mixed coef' needs MODEL.\nUsage:   mixed coef MODEL [options]\nExample: mixed coef ", "coef")]
    [InlineData("Unknown verb 'ftt'. Did you mean 'fit'? The verbs are fit, coef,", "ftt")]
    [InlineData("Unknown verb 'regress'. The verbs are fit, coef,", "regress")]
    [InlineData("Unknown option '--foo'.", "--foo")]
    [InlineData("'mixed power' is not in this version", "power", "m.fit")]
    [InlineData("A formula follows a verb: mixed fit \"y ~ x\" DATA", "y ~ x", "d.csv")]
    [InlineData("Unknown option '--fator' of 'mixed fit'. Did you mean '--factor'?", "fit", "y ~ x", "d.csv", "--fator", "g")]
    [InlineData("Unknown option '--fator' of 'mixed fit'. Did you mean '--factor'?", "fit", "--fator", "g", "y ~ x", "d.csv")]
    [InlineData("Unknown option '--fator' of 'mixed fit'.", "fit", "y ~ x", "d.csv", "--fator=g")]
    [InlineData("Unknown option '-x' of 'mixed fit'.", "fit", "y ~ x", "d.csv", "-x")]
    [InlineData("Unknown option '--ml' of 'mixed coef'.", "coef", "m.fit", "--ml")]
    [InlineData("Unexpected argument 'x': 'mixed fit' takes FORMULA DATA. A formula is one argument: put it in quotes.", "fit", "y", "~", "x", "d.csv")]
    [InlineData("Unexpected argument 'b.fit': 'mixed coef' takes MODEL.", "coef", "a.fit", "b.fit")]
    [InlineData("FORMULA comes before DATA: mixed fit \"y ~ x\" d.csv", "fit", "d.csv", "y ~ x")]
    [InlineData("--save needs a value, but the option '--quiet' follows it: --save FILE.", "fit", "y ~ x", "d.csv", "--save", "--quiet")]
    [InlineData("--save needs a value: --save FILE.", "fit", "y ~ x", "d.csv", "--save")]
    [InlineData("--save has an empty value", "fit", "y ~ x", "d.csv", "--save", "")]
    [InlineData("--factor needs a value: --factor A,B.", "fit", "y ~ x", "d.csv", "--factor", "a", "--factor")]
    [InlineData("--out is given 2 times, with 'a' and 'b'; give it once.", "fit", "y ~ x", "d.csv", "--out", "a", "--out", "b")]
    [InlineData("--ml takes no value, found '--ml=yes'; write --ml alone.", "fit", "--ml=yes", "y ~ x", "d.csv")]
    [InlineData("--ml and --reml exclude each other", "fit", "y ~ x", "d.csv", "--ml", "--reml")]
    [InlineData("--family has no choice 'poison'; one of gaussian, binomial, poisson, Gamma, inverse.gaussian, nbinom1, nbinom2 is wanted. Did you mean 'poisson'?", "fit", "y ~ x", "d.csv", "--family", "poison")]
    [InlineData("--family has no choice 'gausian'; one of gaussian, binomial, poisson, Gamma, inverse.gaussian, nbinom1, nbinom2 is wanted. Did you mean 'gaussian'?", "fit", "y ~ x", "d.csv", "--family", "gausian")]
    [InlineData("--link has no choice 'logg'; one of identity, log, logit, probit, cloglog, loglog, cauchit, inverse, sqrt, 1/mu^2 is wanted. Did you mean 'log' or 'logit' or 'loglog'?", "fit", "y ~ x", "d.csv", "--link", "logg")]
    [InlineData("The family gaussian has no link 'cloglog'; one of identity, log, inverse, sqrt is wanted.", "fit", "y ~ x", "d.csv", "--link", "cloglog")]
    [InlineData("--df has no choice 'satterthwait'; one of satterthwaite, kenward-roger, kenward-roger-observed, containment, between-within, residual, none, kenward-roger-linear, joint-hessian is wanted. Did you mean 'satterthwaite'?", "fit", "y ~ x", "d.csv", "--df", "satterthwait")]
    [InlineData("--optimizer has no choice 'bobyqa'", "fit", "y ~ x", "d.csv", "--optimizer", "bobyqa")]
    [InlineData("--solver krylov is not in this version; one of auto, direct is wanted.", "fit", "y ~ x", "d.csv", "--solver", "krylov")]
    [InlineData("--output has no choice 'xml'; one of text, json, csv, markdown is wanted.", "fit", "y ~ x", "d.csv", "--output", "xml")]
    [InlineData("--threads 0: a whole number from 1 to 2147483647 is wanted.", "fit", "y ~ x", "d.csv", "--threads", "0")]
    [InlineData("--threads two: a whole number", "fit", "y ~ x", "d.csv", "--threads", "two")]
    [InlineData("--contrasts a=summ: there is no coding 'summ'; one of treatment, sum, helmert, poly, SAS is wanted. Did you mean 'sum'?", "fit", "y ~ x", "d.csv", "--contrasts", "a=summ")]
    [InlineData("--contrasts \"sum\": wanted '=' after 'sum'.", "fit", "y ~ x", "d.csv", "--contrasts", "sum")]
    [InlineData("--contrasts is given twice for 'a'", "fit", "y ~ x", "d.csv", "--contrasts", "a=sum,a=poly")]
    [InlineData("--levels \"a\": wanted '=' after 'a'.", "fit", "y ~ x", "d.csv", "--levels", "a")]
    [InlineData("--levels \"a=x,x\": the level 'x' stands twice", "fit", "y ~ x", "d.csv", "--levels", "a=x,x")]
    [InlineData("--levels is given twice for 'a'", "fit", "y ~ x", "d.csv", "--levels", "a=x,y", "--levels", "a=y,x")]
    [InlineData("--out /no/such/folder/f: there is no folder '/no/such/folder'", "fit", "y ~ x", "d.csv", "--out", "/no/such/folder/f")]
    [InlineData("--save /no/such/folder/f: there is no folder '/no/such/folder'", "fit", "y ~ x", "d.csv", "--save", "/no/such/folder/f")]
    [InlineData("--trials are for binomial responses", "fit", "y ~ x", "d.csv", "--trials", "n")]
    [InlineData("--quadrature is for families other than the Gaussian", "fit", "y ~ x", "d.csv", "--quadrature", "9")]
    [InlineData("--quadrature -1: a whole number from 0 to 100", "fit", "y ~ x", "d.csv", "--family", "poisson", "--quadrature", "-1")]
    [InlineData("--ml and --reml exclude each other", "fit", "y ~ x", "d.csv", "--family", "poisson", "--reml", "--ml")]
    [InlineData("The restricted likelihood is there by Laplace's approximation alone, which is one point; found 9.", "fit", "y ~ x", "d.csv", "--family", "poisson", "--reml", "--quadrature", "9")]
    [InlineData("--df satterthwaite is derived for Gaussian", "fit", "y ~ x", "d.csv", "--family", "poisson", "--df", "satterthwaite")]
    [InlineData("--optimizer em is for linear", "fit", "y ~ x", "d.csv", "--family", "poisson", "--optimizer", "em")]
    [InlineData("--start is for linear", "fit", "y ~ x", "d.csv", "--family", "poisson", "--start", "f")]
    [InlineData("--family beta is not in this version", "fit", "y ~ x", "d.csv", "--family", "beta")]
    [InlineData("The family poisson has no link 'probit'", "fit", "y ~ x", "d.csv", "--family", "poisson", "--link", "probit")]
    [InlineData("--frequency with REML", "fit", "y ~ x", "d.csv", "--frequency", "n")]
    public void Command_WithWrongUsage_IsRefusedInOneMessage(string message, params string[] args)
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(library, args);
        run.Error.ShouldStartWith("mixed: " + message);
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        library.Source.ShouldBeNull();
    }

    [Theory]
    [InlineData("--thresholds")]
    [InlineData("--zi")]
    [InlineData("--matrix")]
    [InlineData("--pedigree")]
    [InlineData("--tree")]
    [InlineData("--prior")]
    public void Fit_WithAnOptionOfALaterVersion_IsRefusedByName(string option)
    {
        var run = CommandRun.Of("fit", "y ~ x", "d.csv", option, "~ z");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldStartWith($"mixed: {option} (");
        run.Error.ShouldContain("is not in this version");
    }

    [Fact]
    public void Out_NamingAFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of("fit", "y ~ x", "d.csv", "--out", folder.Path);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("that is a folder");
    }
}
