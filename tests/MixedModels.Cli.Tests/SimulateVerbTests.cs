using System.Text.Json;

namespace MixedModels.Cli.Tests;

public sealed class SimulateVerbTests
{
    [Fact]
    public void Simulate_Csv_HasAColumnAReplicateAndARowARow()
    {
        var lines = CommandRun.Of("simulate", "m.fit", "--replicates", "3", "--seed", "7", "--output", "csv").Output.TrimEnd('\n').Split('\n');
        lines[0].ShouldBe("sim_1,sim_2,sim_3");
        lines.Length.ShouldBe(181);
    }

    [Fact]
    public void Simulate_SameSeed_WritesTheSameNumbersWhateverTheNumberOfReplicates()
    {
        double[] First(string replicates, string seed)
        {
            using var json = JsonDocument.Parse(CommandRun.Of("simulate", "m.fit", "--replicates", replicates, "--seed", seed, "--output", "json").Output);
            return [.. json.RootElement.GetProperty("sim_1").EnumerateArray().Select(value => value.GetDouble())];
        }

        First("1", "7").ShouldBe(First("4", "7"));
        First("1", "7").ShouldNotBe(First("1", "8"));
        First("1", "18446744073709551615").Length.ShouldBe(180);
    }

    [Fact]
    public void Simulate_Conditional_DrawsOtherNumbers()
    {
        var conditional = CommandRun.Of("simulate", "m.fit", "--replicates", "1", "--seed", "7", "--conditional");
        conditional.ExitCode.ShouldBe(0);
        (conditional == CommandRun.Of("simulate", "m.fit", "--replicates", "1", "--seed", "7")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--replicates 0: a whole number from 1 to 2147483647 is wanted.", "--replicates", "0", "--seed", "1")]
    [InlineData("--replicates -3: a whole number from 1 to 2147483647 is wanted.", "--replicates", "-3", "--seed", "1")]
    [InlineData("--replicates 9999999999: a whole number from 1 to 2147483647 is wanted.", "--replicates", "9999999999", "--seed", "1")]
    [InlineData("--replicates ten: a whole number from 1 to 2147483647 is wanted.", "--replicates", "ten", "--seed", "1")]
    [InlineData("--replicates 2000000000: 2000000000 replicates of 180 rows are more than one table holds", "--replicates", "2000000000", "--seed", "1")]
    [InlineData("--seed x: a whole number from 0 to 18446744073709551615 is wanted.", "--replicates", "2", "--seed", "x")]
    [InlineData("--seed 18446744073709551616: a whole number from 0", "--replicates", "2", "--seed", "18446744073709551616")]
    [InlineData("--seed 1.5: a whole number from 0", "--replicates", "2", "--seed", "1.5")]
    [InlineData("--seed -1: a whole number from 0", "--replicates", "2", "--seed", "-1")]
    [InlineData("--seed S is needed", "--replicates", "2")]
    [InlineData("How many? --replicates N is needed", "--seed", "2")]
    public void Simulate_BadInput_IsRefusedInOneMessage(string message, params string[] args)
    {
        var run = CommandRun.Of(["simulate", "m.fit", .. args]);
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldStartWith("mixed: " + message);
    }
}
