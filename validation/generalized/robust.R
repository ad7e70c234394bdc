# Cluster-robust covariances of generalized mixed models by glmmTMB: the derivative of each cluster's Laplace log-likelihood by automatic
# differentiation, on the rows of the cluster alone, and the covariance of all parameters from the whole fit.
# Rscript robust.R > robust.json
suppressMessages({library(glmmTMB); library(lme4)})
sandwich <- function(formula, data, family, cluster) {
  fit <- glmmTMB(formula, data, family = family)
  par <- fit$fit$par
  C <- fit$sdr$cov.fixed
  scores <- sapply(split(data, data[[cluster]], drop = TRUE), function(own) {
    own <- droplevels(own)
    s <- glmmTMB(formula, own, family = family, doFit = FALSE, control = glmmTMBControl(rank_check = "skip"))
    obj <- TMB::MakeADFun(s$data.tmb, s$parameters, map = s$mapArg, random = s$randomArg, silent = TRUE, DLL = "glmmTMB")
    -as.numeric(obj$gr(par))
  })
  m <- ncol(scores)
  V <- C %*% tcrossprod(scores) %*% C
  list(names = unname(names(par)), estimates = unname(par), sums = max(abs(rowSums(scores))), clusters = m, CR0 = unname(sqrt(diag(V))), CR1 = unname(sqrt(diag(V) * m / (m - 1))))
}
dummies <- function(data, f) { for (l in levels(factor(data[[f]]))[-1]) data[[paste0(f, l)]] <- as.numeric(data[[f]] == l); data }
data(grouseticks)
ticks <- dummies(transform(grouseticks, cHEIGHT = cHEIGHT / 100), "YEAR")
herds <- dummies(cbpp, "period")
result <- list(
  cbpp = sandwich(cbind(incidence, size - incidence) ~ period2 + period3 + period4 + (1 | herd), herds, binomial, "herd"),
  nested = sandwich(TICKS ~ YEAR96 + YEAR97 + cHEIGHT + (1 | BROOD) + (1 | LOCATION), ticks, nbinom2, "LOCATION"),
  slopes = sandwich(TICKS ~ cHEIGHT + (cHEIGHT | LOCATION), ticks, nbinom2, "LOCATION"))
cat(jsonlite::toJSON(result, auto_unbox = TRUE, digits = 12, pretty = TRUE), "\n")
