import { playSeeds } from './playSeed.ts';

playSeeds(1, 2);
