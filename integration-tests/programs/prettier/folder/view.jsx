export const V=({items,on})=><ul className="x" onClick={()=>{on(1)}}>{items.map(i=><li key={i}>{i} and a text that is rather long, so that it has to be broken</li>)}<></></ul>
