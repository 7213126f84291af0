# Run inside gdb: stops at every call of probe() and prints the frames above it with their arguments and locals.
import gdb


def show(value):
    if value.is_optimized_out:
        return "<optimized out>"
    kind = value.type.strip_typedefs().code
    if kind == gdb.TYPE_CODE_PTR:
        return "pointer" if int(value) else "null"
    if kind == gdb.TYPE_CODE_STRUCT:
        return "{" + ",".join(show(value[field]) for field in value.type.fields()) + "}"
    if kind == gdb.TYPE_CODE_ARRAY:
        low, high = value.type.range()
        return "[" + ",".join(show(value[i]) for i in range(low, high + 1)) + "]"
    return str(int(value))


def variables(frame):
    result = []
    block = frame.block()
    while block and not block.is_global and not block.is_static:
        for symbol in block:
            if symbol.is_argument or symbol.is_variable:
                result.append("%s=%s" % (symbol.name, show(symbol.value(frame))))
        if block.function:
            break
        block = block.superblock
    return sorted(result)


gdb.execute("set pagination off")
gdb.execute("set confirm off")
gdb.execute("break probe", to_string=True)
gdb.execute("run", to_string=True)
while gdb.selected_inferior().pid:
    frame = gdb.newest_frame().older()
    while frame and frame.name():
        print("STOP %s:%d %s" % (frame.name(), frame.find_sal().line, " ".join(variables(frame))))
        if frame.name() == "main":
            break
        frame = frame.older()
    print("STOP --")
    gdb.execute("continue", to_string=True)
