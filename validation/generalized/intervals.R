# Profile intervals of lme4's confint (cbpp by Laplace and 9 points), Wald intervals of glmmTMB (all parameters, standard deviations by
# their logarithm), and standard deviations of 1000 refits of bootMer. Writes intervals.json to standard output.
suppressMessages({library(lme4); library(glmmTMB); library(jsonlite)})
of <- function(ci) lapply(setNames(seq_len(nrow(ci)), rownames(ci)), function(i) unname(ci[i, 1:2]))
f <- cbind(incidence, size - incidence) ~ period + (1 | herd)
laplace <- glmer(f, cbpp, family = binomial)
nine <- glmer(f, cbpp, family = binomial, nAGQ = 9)
wald <- glmmTMB(TICKS ~ YEAR + HEIGHT + (1 | BROOD) + (1 | LOCATION), grouseticks, family = nbinom2)
w <- suppressWarnings(confint(wald, full = TRUE))
b <- suppressWarnings(suppressMessages(bootMer(laplace, function(m) c(fixef(m), sqrt(unlist(VarCorr(m)))), nsim = 1000, seed = 1)))
cat(toJSON(list(cbpp = of(confint(laplace, method = "profile", quiet = TRUE)), cbpp9 = of(confint(nine, method = "profile", quiet = TRUE)),
  wald = of(w), bootMerSd = as.list(apply(b$t, 2, sd))), auto_unbox = TRUE, digits = 8, pretty = TRUE))
