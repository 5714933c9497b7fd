package pg

// DueClaims is the query of [Questions.OpenClaims].
const DueClaims = dueClaims
