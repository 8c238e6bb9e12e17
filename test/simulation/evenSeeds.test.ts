import { playSeeds } from './playSeed.ts';

playSeeds(0, 2);
