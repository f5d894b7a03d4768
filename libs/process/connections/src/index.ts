export { guardArrivals } from './arrivals.js';
export { breakOff, closeStream, whenNothingIsRead } from './break-off.js';
export { calm, calmSessions } from './calm-sessions.js';
export { ConnectionDoor, type ConnectionLimits, connectionLimits, guardConnections } from './connection-door.js';
export { FairRounds, type RoundBounds } from './fair-rounds.js';
