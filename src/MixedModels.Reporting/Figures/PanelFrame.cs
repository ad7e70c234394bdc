using System.Runtime.InteropServices;

namespace MixedModels.Reporting.Figures;

/// <summary>Where a panel lies on the page, and how its data become pixels.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PanelFrame(Axis XAxis, Axis YAxis, double Left, double Top, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => Left + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Top + Height;

    /// <summary>The pixel of a value of the horizontal axis.</summary>
    public double X(double value) => Left + (Width * (value - XAxis.Lower) / (XAxis.Upper - XAxis.Lower));

    /// <summary>The pixel of a value of the vertical axis.</summary>
    public double Y(double value) => Bottom - (Height * (value - YAxis.Lower) / (YAxis.Upper - YAxis.Lower));
}
