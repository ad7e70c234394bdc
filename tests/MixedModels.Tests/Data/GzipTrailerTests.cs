using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class GzipTrailerTests
{
    // The check value that catalogues of checksums give for CRC-32/ISO-HDLC.
    [Fact]
    public void Checksum_OfTheCheckText_IsTheCheckValue() => GzipTrailer.Checksum("123456789"u8).ShouldBe(0xCBF43926u);

    [Fact]
    public void Fits_OfShortOrForeignTrailers_IsFalse()
    {
        GzipTrailer.Fits([1, 2, 3], []).ShouldBeFalse();
        GzipTrailer.Fits([0, 0, 0, 0, 9, 0, 0, 0], "12345678"u8).ShouldBeFalse();
        GzipTrailer.Fits([0, 0, 0, 0, 1, 0, 0, 0], "12"u8).ShouldBeFalse();
    }

    [Fact]
    public void Fits_OfLastMember_IsTrue() => GzipTrailer.Fits([0x26, 0x39, 0xF4, 0xCB, 9, 0, 0, 0], "earlier123456789"u8).ShouldBeTrue();
}
