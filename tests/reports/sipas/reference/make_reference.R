# Writes reference.csv: what R's package survey says about survey.csv under several designs.
# Run from the repository: Rscript tests/reports/sipas/reference/make_reference.R
suppressPackageStartupMessages(library(survey))

folder <- "tests/reports/sipas/reference"
data <- read.csv(file.path(folder, "survey.csv"), encoding = "UTF-8", check.names = FALSE)
criteria <- grep("^[A-E][0-9]$", names(data), value = TRUE)
factors <- split(criteria, substr(criteria, 1, 1))

# y satisfied and m valid answers: 0 and 0 outside the domain.
for (code in criteria) {
  answer <- data[[code]]
  data[[paste0("m_", code)]] <- as.numeric(!is.na(answer) & answer %in% 1:5)
  data[[paste0("y_", code)]] <- as.numeric(!is.na(answer) & answer %in% 4:5)
}
groups <- c(setNames(as.list(criteria), criteria), factors, list(component = criteria))
for (name in names(groups)) {
  data[[paste0("Y_", name)]] <- rowSums(data[paste0("y_", groups[[name]])])
  data[[paste0("M_", name)]] <- rowSums(data[paste0("m_", groups[[name]])])
}

designs <- list(
  simple = svydesign(ids = ~1, weights = ~one, data = transform(data, one = 1)),
  strata = svydesign(ids = ~1, strata = ~stratum, weights = ~one, data = transform(data, one = 1)),
  weights = svydesign(ids = ~1, weights = ~weight, data = data),
  weights_or_0 = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight_or_0, nest = TRUE,
                           data = data),
  clusters = svydesign(ids = ~both, weights = ~one,
                       data = transform(data, one = 1, both = paste(stratum, cluster))),
  strata_clusters = svydesign(ids = ~cluster, strata = ~stratum, weights = ~one, nest = TRUE,
                              data = transform(data, one = 1)),
  strata_clusters_weights = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight,
                                      nest = TRUE, data = data),
  strata_clusters_weights_fpc = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight,
                                          fpc = ~fpc_clusters, nest = TRUE, data = data),
  strata_clusters_weights_fraction = svydesign(ids = ~cluster, strata = ~stratum,
                                               weights = ~weight, fpc = ~fraction, nest = TRUE,
                                               data = data),
  strata_weights_fpc = svydesign(ids = ~1, strata = ~stratum, weights = ~weight,
                                 fpc = ~fpc_people, data = data)
)

rows <- list()
note <- function(design, method, figure, value, se, deff) {
  rows[[length(rows) + 1]] <<- data.frame(
    design, method, figure, value = format(value, digits = 12), se = format(se, digits = 12),
    deff = format(deff, digits = 12), df = degf(designs[[design]])
  )
}
formula_of <- function(prefix, names) as.formula(paste("~", paste0(prefix, names, collapse = "+")))

# The mean of ratios by the delta method on the totals of their numerators and denominators.
mean_of_ratios <- function(design, prefixes, names) {
  columns <- as.vector(outer(prefixes, names, paste0))
  totals <- svytotal(formula_of("", columns), design)
  terms <- paste0(prefixes[1], names, "/", prefixes[2], names, collapse = "+")
  contrast <- parse(text = paste0("(", terms, ")/", length(names)))[[1]]
  result <- svycontrast(totals, list(mean = contrast))
  c(coef(result), SE(result))
}

for (name in names(designs)) {
  design <- designs[[name]]
  for (figure in names(groups)) {
    result <- svyratio(formula_of("Y_", figure), formula_of("M_", figure), design,
                       deff = "replace")
    note(name, "pooled", figure, coef(result)[[1]], SE(result)[[1]], deff(result)[[1]])
  }
  for (figure in c(names(factors), "component")) {
    result <- mean_of_ratios(design, c("y_", "m_"), groups[[figure]])
    note(name, "mean_of_criteria", figure, result[1], result[2], NA)
  }
  result <- mean_of_ratios(design, c("Y_", "M_"), names(factors))
  note(name, "mean_of_factors", "component", result[1], result[2], NA)
  result <- svymean(~Y_component, design, deff = "replace")
  note(name, "svymean", "satisfied", coef(result)[[1]], SE(result)[[1]], deff(result)[[1]])
}

file <- file(file.path(folder, "reference.csv"), "w", encoding = "UTF-8")
writeLines(sprintf("# R %s.%s, survey %s", R.version$major, R.version$minor,
                   packageVersion("survey")), file)
write.csv(do.call(rbind, rows), file, row.names = FALSE, quote = FALSE)
close(file)
