# The local level at which a band around a normal quantile plot holds as a whole with 95 %: each order statistic, standardised by its
# sample's mean and SD, is compared with its Beta distribution, and the smallest two-sided p-value of a sample is recorded; its 5 %
# quantile over many samples is the local level (Aldor-Noiman, Brown, Buja, Rolke and Stine 2013, The American Statistician 67, 249-260).
set.seed(1)
for (n in c(5, 10, 20, 50, 100, 200, 500, 1000, 2000)) {
  reps <- if (n <= 200) 40000 else if (n <= 500) 20000 else 8000
  i <- seq_len(n)
  least <- replicate(reps, {
    x <- sort(rnorm(n))
    p <- pbeta(pnorm((x - mean(x)) / sd(x)), i, n + 1 - i)
    min(2 * pmin(p, 1 - p))
  })
  cat(n, format(quantile(least, 0.05), digits = 4), "\n")
}
