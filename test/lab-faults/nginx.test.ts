import { provesEveryCaseOf } from './prove-stack.js';

provesEveryCaseOf('nginx');
