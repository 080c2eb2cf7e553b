// With the generated next.rewrites.cjs as its comment says.
const withApi = require('./next.rewrites.cjs');

module.exports = withApi({});
