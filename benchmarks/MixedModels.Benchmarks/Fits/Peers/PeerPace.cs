namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>How often a peer runs a case.</summary>
internal enum PeerPace
{
    /// <summary>As often as asked for.</summary>
    Repeated,

    /// <summary>Once, and only where slow peers are asked for: it takes from tens of seconds to minutes.</summary>
    Slow,

    /// <summary>Never: peer.R does not know the case.</summary>
    Absent,
}
