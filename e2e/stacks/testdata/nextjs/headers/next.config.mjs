// The generated configurations, each for the requests that name its site.
import { sites } from './sites/index.mjs';

const configs = Object.entries(sites).map(([name, site]) => ({ name, config: site.default({}) }));

function ofSite(name, entries) {
  return entries.map((e) => ({ ...e, has: [...(e.has ?? []), { type: 'header', key: 'x-concors-site', value: name }] }));
}

const config = {
  ...configs[0].config,
  async headers() {
    return (await Promise.all(configs.map(async (c) => ofSite(c.name, await c.config.headers())))).flat();
  },
  async rewrites() {
    const rewrites = await Promise.all(configs.map(async (c) => ofSite(c.name, (await c.config.rewrites()).beforeFiles)));
    return { beforeFiles: rewrites.flat() };
  },
};

export default config;
