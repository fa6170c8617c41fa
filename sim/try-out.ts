import { makeHistory } from './history.ts'
import { play } from './play.ts'
import { seedOf } from './random.ts'
const [from, to] = [Number(process.argv[2]), Number(process.argv[3])]
const t=performance.now(); let ev=0, bad=0, sim=0; const kinds=new Map<string,number>(); const ex=new Map<string,number>()
for (let n=from;n<to;n++){ const h=makeHistory(seedOf(1,n)); const t0=performance.now(); const o=await play(h).catch((e)=>({violations:['threw: '+String(e.message)],events:0,time:0}));
 if(performance.now()-t0>1500) console.log('slow', n, (performance.now()-t0).toFixed(0), o.events);
 ev+=o.events; sim+=o.time; if(o.violations.length){bad++; for(const v of new Set(o.violations.map(v=>v.replace(/[0-9a-f]{40}/g,'SHA').replace(/\d+/g,'N').slice(0,150)))){ kinds.set(v,(kinds.get(v)??0)+1); if(!ex.has(v)) ex.set(v,n)}} }
console.log(to-from,'histories', ((to-from)/(performance.now()-t)*1000).toFixed(0)+'/s', 'events/h', (ev/(to-from)).toFixed(0), 'simsec/h', (sim/1000/(to-from)).toFixed(0), 'bad', bad, 'cpu', (process.cpuUsage().user/1e3/(to-from)).toFixed(1)+'ms/h')
for (const [k,c] of [...kinds].sort((a,b)=>b[1]-a[1]).slice(0,25)) console.log(c, 'e.g.', ex.get(k), k)
