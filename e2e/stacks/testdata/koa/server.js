// The application of the tests, with the generated cors.js as its comment says.
const Koa = require('koa');

const app = new Koa();
app.silent = true;
require('./cors')(app);

app.use((ctx) => {
  const status = { broken: 500, missing: 404, unknown: 401 }[ctx.path.slice(ctx.path.lastIndexOf('/') + 1)];
  const headers = { 'X-Answered-By': 'application', 'X-Total-Count': '2', ETag: '"1"' };
  if (status) {
    ctx.throw(status, { headers });
  }
  ctx.set(headers);
  ctx.body = {};
});
app.listen(process.env.PORT, process.env.HOST);
