export { ProgramError } from './planner.js';
export { PlannedProgram } from './program.js';
