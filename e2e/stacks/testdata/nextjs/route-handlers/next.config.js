// As cors.js says.
module.exports = { skipTrailingSlashRedirect: true };
