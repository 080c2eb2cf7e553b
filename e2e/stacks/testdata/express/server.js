// The application of the tests, with the generated cors.js as its comment says.
const express = require('express');

const app = express();
require('./cors')(app);

app.use((req, res) => {
  res.set({ 'X-Answered-By': 'application', 'X-Total-Count': '2', ETag: '"1"' });
  if (req.path.endsWith('/broken')) {
    throw new Error('database is down');
  }
  const status = { missing: 404, unknown: 401 }[req.path.slice(req.path.lastIndexOf('/') + 1)] || 200;
  res.status(status).json({});
});
app.listen(process.env.PORT, process.env.HOST);
