# Marginal means on the response's scale: emmeans over glmmTMB, and population averages by integrate() with delta-method errors from glmmTMB's
# covariance of all parameters. Normal quantiles. Writes means.json to standard output.
suppressMessages({library(glmmTMB); library(emmeans); library(jsonlite)})
averaged <- function(m, grid, linkinv) {
  X <- model.matrix(delete.response(terms(lme4::nobars(formula(m)))), grid)
  value <- function(par) {
    beta <- par[seq_len(ncol(X))]
    s <- sqrt(sum(exp(2 * par[-seq_len(ncol(X))])))
    sapply(drop(X %*% beta), function(eta) integrate(function(u) linkinv(eta + s * u) * dnorm(u), -12, 12, rel.tol = 1e-10)$value)
  }
  V <- suppressWarnings(vcov(m, full = TRUE))
  par <- c(fixef(m)$cond, m$fit$par[names(m$fit$par) == "theta"])
  J <- sapply(seq_along(par), function(k) { h <- 1e-4; e <- replace(0 * par, k, h); (value(par + e) - value(par - e)) / (2 * h) })
  p <- ncol(X)
  list(estimate = unname(value(par)), se = unname(sqrt(diag(J[, 1:p] %*% V[1:p, 1:p] %*% t(J[, 1:p])))), seTheta = unname(sqrt(diag(J %*% V %*% t(J)))))
}
rows <- function(s) lapply(seq_len(nrow(s)), function(i) list(level = as.character(s[i, 1]), estimate = s[i, 2], se = s$SE[i], lower = s$asymp.LCL[i], upper = s$asymp.UCL[i]))
case <- function(m, factor, sigma, grid, fam) {
  e <- ref_grid(m); e@dffun <- function(k, dfargs) Inf; e <- emmeans(e, factor)
  pairs <- as.data.frame(summary(pairs(e), type = "response", infer = c(TRUE, TRUE)))
  list(response = rows(as.data.frame(summary(e, type = "response"))),
       biasAdjusted = rows(as.data.frame(summary(e, type = "response", bias.adjust = TRUE, sigma = sigma))),
       pairs = lapply(seq_len(nrow(pairs)), function(i) list(contrast = as.character(pairs[i, 1]), estimate = pairs[i, 2], se = pairs$SE[i], lower = pairs$asymp.LCL[i], upper = pairs$asymp.UCL[i], p = pairs$p.value[i])),
       averaged = averaged(m, grid, fam$linkinv))
}
data(cbpp, package = "lme4"); data(grouseticks, package = "lme4")
a <- glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial)
b <- glmmTMB(TICKS ~ YEAR + HEIGHT + (1 | BROOD) + (1 | LOCATION), grouseticks, family = poisson)
d <- glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial("probit"))
sigma <- function(m) sqrt(sum(exp(2 * m$fit$par[names(m$fit$par) == "theta"])))
cat(toJSON(list(
  cbpp = case(a, "period", sigma(a), data.frame(period = factor(1:4)), binomial()),
  grouseticks = case(b, "YEAR", sigma(b), data.frame(YEAR = factor(95:97), HEIGHT = mean(grouseticks$HEIGHT)), poisson()),
  probit = case(d, "period", sigma(d), data.frame(period = factor(1:4)), binomial("probit"))), auto_unbox = TRUE, digits = 12, pretty = TRUE))
