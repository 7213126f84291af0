/**
 * tracing/README: the forms this lab understands. Probe tools look for fixed phrases in it before they use a form.
 */
export const README = `tracing mini-HOWTO of Kprobe Lab

# echo 0 > tracing_on : quick way to disable tracing
# echo 1 > tracing_on : quick way to re-enable tracing

  available_events	- list of events that can be enabled
  buffer_size_kb	- size of the ring buffer of each CPU
  error_log	- the last eight refused commands, with a caret under the place
  kprobe_events	- Create/append/remove/show the kernel dynamic events
			  Write into this file to define/undefine new trace events.
  kprobe_profile	- hits and misses of each event
  trace		- the static contents of the buffer; to clear the buffer write into this file: echo > trace
  trace_pipe	- a consuming read of the buffer, which waits for more

  kernel return probes support: accepts: event-definitions (one definition per line)
	   Format: p[:[<group>/][<event>]] <place> [<args>]
	           r[maxactive][:[<group>/][<event>]] <place> [<args>]
	           -:[<group>/][<event>]
	    place: [<module>:]<symbol>[+<offset>]|<memaddr>
place (kretprobe): [<module>:]<symbol>[+<offset>]%return|<memaddr>
	     args: <name>=fetcharg[:type]
	 fetcharg: (%<register>|$<fetchvar>), @<address>, @<symbol>[+|-<offset>],
	           $stack<index>, $stack, $retval, $comm, $arg<N>,
	           +|-[u]<offset>(<fetcharg>), \\imm-value, \\"imm-string"
	     type: s8/16/32/64, u8/16/32/64, x8/16/32/64, string, symbol,
	           b<bit-width>@<bit-offset>/<container-size>, ustring,
	           symstr, <type>\\[<array-size>\\]

  events/<group>/<event>/
      enable	- Write 0/1 to enable/disable tracing of <event>
      filter	- If set, only events passing filter are traced
      format	- Fields of the event
`;
