// As proxy.js says.
module.exports = { skipTrailingSlashRedirect: true };
