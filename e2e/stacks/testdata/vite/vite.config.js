// With the generated vite.api.js as its comment says.
import { withApi } from './vite.api.js';

export default { server: withApi };
