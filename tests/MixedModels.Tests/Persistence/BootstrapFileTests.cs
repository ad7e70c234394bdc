using System.IO.Compression;
using MixedModels.Data;
using MixedModels.Inference.Bootstrap;
using MixedModels.Persistence;

namespace MixedModels.Tests.Persistence;

public sealed class BootstrapFileTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Read_WhatWasWritten_IsTheSameBits()
    {
        var draws = new BootstrapDraws("abc", ulong.MaxValue, 4, ["a", "cor[g].x.z"], [0.1, double.NaN]);
        draws.Succeed(0, [1.0 / 3, double.NaN], [Math.PI, -1e-300]);
        draws.Fail(2, "no \"optimum\"");
        BootstrapFile.Write(draws, file);
        var read = BootstrapFile.Read(file);
        (read.Fingerprint, read.Seed, read.Count, read.Completed).ShouldBe(("abc", ulong.MaxValue, 4, 2));
        read.Names.ShouldBe(draws.Names);
        read.Estimates.ShouldBe(draws.Estimates);
        read.Row(0).ShouldBe(draws.Row(0));
        read.Scores(0).ShouldBe(draws.Scores(0));
        read.Failures.ShouldBe(draws.Failures);
        (read.IsDone(1), read.IsDone(3)).ShouldBe((false, false));
    }

    [Fact]
    public void Read_OtherFiles_AreRefused()
    {
        File.WriteAllText(file, "not a bootstrap");
        Refused("is not a saved bootstrap");
        Pack("""{ "format": "mixed/bootstrap/9" }""");
        Refused("has format 'mixed/bootstrap/9'");
        Pack("""{ "format": "mixed/bootstrap/1", "fit": "a", "seed": "1", "replicates": 2, "parameters": [], "estimates": [], "done": [ { "replicate": 7, "draw": [], "scores": [] } ] }""");
        Refused("is damaged");
        Should.Throw<DataException>(() => ParametricBootstrap.Load(file + ".none")).Message.ShouldContain("There is no file");
    }

    private void Refused(string message) => Should.Throw<DataException>(() => ParametricBootstrap.Load(file)).Message.ShouldContain(message);

    private void Pack(string json)
    {
        using var zip = new GZipStream(File.Create(file), CompressionLevel.Fastest);
        zip.Write(System.Text.Encoding.UTF8.GetBytes(json));
    }
}
