import { account, audit, jobs, people } from './en/admin';
import { catalog } from './en/catalog';
import { clicks, conversions } from './en/conversions';
import { deliveries } from './en/deliveries';
import { log } from './en/log';
import { overview } from './en/overview';
import { problems } from './en/problems';
import { refusals } from './en/refusals';
import { reports } from './en/reports';
import { lint, setup } from './en/setup';
import { shell, states } from './en/shell';
import { signIn } from './en/sign-in';
import { uploads } from './en/uploads';
import { views } from './en/views';
import { words } from './en/words';

/** Every text of the page. Another language is another folder with the same shape. */
export const t = {
  shell,
  states,
  signIn,
  words,
  problems,
  refusals,
  log,
  conversions,
  clicks,
  deliveries,
  overview,
  setup,
  lint,
  reports,
  catalog,
  people,
  account,
  audit,
  jobs,
  uploads,
  views,
};
export { wordOf } from './en/words';
