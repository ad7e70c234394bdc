# Errors of glmmTMB's predictions (link scale, rows 1, 8 and 40), and of its modes, all parameters uncertain. Writes predictions.json to standard output.
suppressMessages({library(glmmTMB); library(jsonlite)})
data(cbpp, package = "lme4"); data(grouseticks, package = "lme4")
of <- function(m, group) {
  p <- predict(m, se.fit = TRUE, type = "link")
  r <- ranef(m, condVar = TRUE)$cond[[group]]
  list(fit = unname(p$fit[c(1, 8, 40)]), se = unname(p$se.fit[c(1, 8, 40)]), modes = unname(r[1:5, 1]), sd = unname(sqrt(attr(r, "condVar")[1, 1, 1:5])))
}
a <- glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial)
b <- glmmTMB(TICKS ~ YEAR + HEIGHT + (1 | BROOD) + (1 | LOCATION), grouseticks, family = nbinom2)
cat(toJSON(list(cbpp = of(a, "herd"), grouseticks = of(b, "LOCATION")), auto_unbox = TRUE, digits = 10, pretty = TRUE))
