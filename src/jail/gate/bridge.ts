/**
 * What runs inside, between the jail's own loopback and the gate's socket: agents and package managers know proxies by
 * address and port only. It starts the program once it listens, and ends as the program ends. It holds nothing: whoever
 * breaks it inside has no network any more.
 */
import { GATE_PORT } from '../../ports/jail.ts'

/** Signals are for the program, which gets its own; without the bridge it could not say goodbye to anybody. */
const BRIDGE = `const net=require('node:net'),{pipeline}=require('node:stream'),[to,port,...argv]=process.argv.slice(1);
for(const s of ['SIGTERM','SIGINT','SIGHUP'])process.on(s,()=>{});
net.createServer({allowHalfOpen:true},c=>{
const s=net.connect({path:to,allowHalfOpen:true});
pipeline(c,s,()=>{});pipeline(s,c,()=>{})
}).on('error',e=>{console.error('no way to the network: '+e.message);process.exit(127)}).listen(Number(port),'127.0.0.1',()=>{
require('node:child_process').spawn('/bin/sh',['-c','exec "$@"','sh',...argv],{stdio:'inherit'})
.on('error',e=>{console.error(e.message);process.exit(127)})
.on('exit',(code,signal)=>{if(signal===null)process.exit(code);process.removeAllListeners(signal);process.kill(process.pid,signal)})})`

/** `node`: Node inside. */
export const bridgeArguments = (
  node: string,
  socket: string,
  argv: readonly string[],
): readonly [string, ...string[]] => [node, '-e', BRIDGE, socket, String(GATE_PORT), ...argv]
