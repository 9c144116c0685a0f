# Completes paratask's tasks and options in bash 4.4 or later. To have it in each shell, put this into ~/.bashrc:
#
#     eval "$(paratask --completion bash)"
#
# Another name for the program is completed with: complete -F _paratask NAME

# What the program offers that begins with $value, for the Taskfile that the line names.
_paratask_offer() {
    local name description
    while IFS=$'\t' read -r name description; do
        if [[ $name == "$value"* && $name != *'*'* ]]; then
            printf -v name %q "$name"
            COMPREPLY+=("$name")
        fi
    done < <("${words[0]}" "${where[@]}" "$@" --names 2>/dev/null)
}

# bash takes a colon for the start of a word, unless it is told otherwise.
_paratask_after_colon() {
    if [[ $COMP_WORDBREAKS == *:* && $1 == *:* ]]; then
        local ahead=${1%"${1##*:}"}
        COMPREPLY=("${COMPREPLY[@]#"$ahead"}")
    fi
}

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

    local -a where=() what=(--list-all) ran=()
    local index
    for ((index = 1; index < ${#words[@]}; index++)); do
        case ${words[index]} in
            -d | --dir | -t | --taskfile) where+=("${words[index]}" "${words[index + 1]-}") ;;
            --dir=* | --taskfile=* | -g | --global) where+=("${words[index]}") ;;
            -i | --init) what=(--init) ;;
            --resume) what=(--resume) ;;
            --logs | --why | --stats) what=(--why) ;;
            --run) ran=(--run "${words[index + 1]-}") ;;
            --run=*) ran=("${words[index]}") ;;
            --exec) what=() ;;
            --)  # what follows belongs to the task
                compopt -o default
                return ;;
        esac
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
    if ((${#what[@]} == 0)); then  # plain commands, and what is put into them
        compopt -o default
        return
    fi
    if [[ ${what[0]} == --why ]]; then
        what+=("${ran[@]}")
    fi
    _paratask_offer "${what[@]}"
    if [[ ${what[0]} == --init ]]; then
        compopt -o filenames
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$value")
    fi
    _paratask_after_colon "$current"
}

if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then
    complete -F _paratask paratask
fi
