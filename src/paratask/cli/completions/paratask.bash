# Completes paratask's tasks and options in bash 4.4 or later. To have it in each shell, put this into ~/.bashrc:
#
#     eval "$(paratask --completion bash)"
#
# Another name for the program is completed with: complete -F _paratask NAME

_paratask() {
    local line=${COMP_LINE:0:COMP_POINT}
    local -a words
    read -ra words <<<"$line"
    local current=""
    if [[ $line != *[[:space:]] ]]; then
        current=${words[-1]}
        unset 'words[-1]'
    fi
    local previous=${words[-1]}
    COMPREPLY=()

    local word
    for word in "${words[@]}"; do
        if [[ $word == -- ]]; then  # what follows belongs to the task
            compopt -o default
            return
        fi
    done

    local option=$previous value=$current
    if [[ $current == --*=* ]]; then
        option=${current%%=*} value=${current#*=}
    elif [[ $previous != -* ]]; then
        option=""
    fi
    case $option in
@VALUES@
    esac
    if [[ $current == --*=* ]]; then
        return
    fi

    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '@NAMES@' -- "$current")
        return
    fi

    # The Taskfile that the line names is the one to ask.
    local -a where=()
    local index
    for ((index = 1; index < ${#words[@]}; index++)); do
        case ${words[index]} in
            -d | --dir | -t | --taskfile) where+=("${words[index]}" "${words[index + 1]-}") ;;
            --dir=* | --taskfile=* | -g | --global) where+=("${words[index]}") ;;
        esac
    done
    local name description
    while IFS=$'\t' read -r name description; do
        if [[ $name == "$current"* && $name != *'*'* ]]; then
            printf -v name %q "$name"
            COMPREPLY+=("$name")
        fi
    done < <("${words[0]}" "${where[@]}" --list-all --names 2>/dev/null)

    # bash takes a colon for the start of a word, unless it is told otherwise.
    if [[ $COMP_WORDBREAKS == *:* && $current == *:* ]]; then
        local ahead=${current%"${current##*:}"}
        COMPREPLY=("${COMPREPLY[@]#"$ahead"}")
    fi
}

complete -F _paratask paratask
