// @ts-check
const   a = {b:1, 'c-d':[1,2,
3], e(){return  a?.b ??"x"}, async *f(){ yield* await g }}
if(a)  { for(const x of  y)  console.log( `t ${ x+1 }` , x ) } else  throw   new Error( "long ".repeat( 3 )+ 'text that goes on' + " and on and on until it is too wide" )
class K extends (L){ static #p=1; get q(){return this.#p} static{ init() } }
export default  (a, b)  => c
