import { provesEveryCaseOf } from './prove-stack.js';

provesEveryCaseOf('node');
