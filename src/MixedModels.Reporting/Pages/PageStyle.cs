namespace MixedModels.Reporting.Pages;

/// <summary>The style sheet of report pages: a column for reading, dark where the screen is, black on white on paper.</summary>
internal static class PageStyle
{
    /// <summary>The rules.</summary>
    public const string Rules =
        """
        :root{--ground:#fff;--text:#1a1a1a;--muted:#595959;--line:#d9d9d9;--accent:#005a8f;--soft:#f5f6f8;--warn:#8a4b00;--bad:#a3121f}
        @media (prefers-color-scheme:dark){:root{--ground:#16191d;--text:#ececec;--muted:#a8adb3;--line:#3a4047;--accent:#7cc4f5;--soft:#20242a;--warn:#ffb870;--bad:#ff8d8d}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:46rem;background:var(--ground);color:var(--text);font:16px/1.55 'Helvetica Neue',Arial,'DejaVu Sans',sans-serif;overflow-wrap:break-word}
        h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.25rem;margin:2.2rem 0 .6rem;padding-top:.4rem;border-top:1px solid var(--line)}h3{font-size:1rem;margin:1rem 0 .3rem}
        .lead{font-size:1.05rem}a{color:var(--accent)}a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        main:focus{outline:none}
        .skip{position:absolute;left:-999rem}.skip:focus{position:static}
        nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1rem;list-style:none;padding:0;margin:1rem 0}
        .wide{overflow-x:auto;margin:0 0 1rem}.caption{font-weight:600;margin:1rem 0 .2rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
        th,td{padding:.25rem .8rem .25rem 0;text-align:left;vertical-align:top;white-space:nowrap}
        thead th{border-bottom:1.5px solid var(--text)}tbody th{font-weight:400}tbody tr:last-child>*{border-bottom:1px solid var(--line)}.n{text-align:right}
        figure{margin:1.2rem 0}figure svg{max-width:100%;height:auto}figcaption{font-size:.88rem;color:var(--muted)}
        pre{background:var(--soft);padding:.7rem .9rem;white-space:pre-wrap;font-size:.85rem;line-height:1.45}code{font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace}
        .findings{list-style:none;padding:0}.findings li{border-left:4px solid var(--line);background:var(--soft);padding:.5rem .8rem;margin:.6rem 0}
        .findings .warning{border-color:var(--warn)}.findings .problem{border-color:var(--bad)}.findings code{font-size:.8rem;color:var(--muted)}.label{font-weight:600}
        @media print{:root{--ground:#fff;--text:#000;--muted:#333;--line:#bbb;--accent:#000;--soft:#fff}body{max-width:none;font-size:10.5pt;padding:0}nav,.skip{display:none}figure svg{max-height:8.4cm}figure.tall svg{max-height:20.5cm}figure,table,.findings li,pre{break-inside:avoid}h2,h3,.caption{break-after:avoid}.wide{overflow:visible}pre{border:1px solid var(--line)}}
        """;
}
