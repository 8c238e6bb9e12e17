export { followFloor } from "./floor.js";
export { StreamRefusedError } from "./refusal.js";
